/// The command line: `parley COMMAND`.
///
/// What a command was asked for goes to the standard output, everything else (progress, mistakes, logs) to the standard
/// error. The exit status is 0 when it was done, 1 when it was not, 2 when the command line itself is wrong.
@NullMarked
package dev.parley.cli;

import org.jspecify.annotations.NullMarked;
