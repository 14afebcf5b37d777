/// The documentation as a static site: each Markdown page of `docs` becomes an HTML page with the menu that
/// `index.md` is. A page works from a disk, from a package and from any web server; it runs no script and asks
/// no other host for anything.
@NullMarked
package dev.parley.site;

import org.jspecify.annotations.NullMarked;
