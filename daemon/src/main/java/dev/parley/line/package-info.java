/// The lines: the business numbers of the configuration with their ids in the database. A line that the
/// configuration no longer names keeps its id, number and name, so that its conversations can still be read;
/// it has no links.
///
/// The package knows no link, no conversation and no configuration file.
@NullMarked
package dev.parley.line;

import org.jspecify.annotations.NullMarked;
