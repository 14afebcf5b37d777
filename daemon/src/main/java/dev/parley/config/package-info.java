/// The configuration file: one YAML file in, validated records out.
///
/// Promises: every mistake is reported at once, each with its line, its column, the key, what is wrong and
/// what is
/// expected; a key nobody reads is a mistake too, with the nearest known key named; a secret is a [Secret],
/// whose
/// `toString` is `***`, and a value that came by reference (`${env:NAME}`, `${file:PATH}`) is never quoted;
/// nothing
/// listens beyond the loopback interface unless the file says so.
///
/// It reads the file and the files and variables that it refers to, and nothing else: no port is opened, no
/// server is
/// asked. Relative paths are taken from the directory of the configuration file, so that a directory can be
/// moved
/// whole.
///
/// | written | read as |
/// |---|---|
/// | `500ms` `30s` `2m` `48h` `30d` `2w` `5y` | a duration; a year is 365 days |
/// | `30/s` `100/m` `2000/h` `5000/d` | a rate |
/// | `127.0.0.1:8080` `[::1]:8080` `0.0.0.0:443` | an address to listen on; port 0 is any free one |
/// | `${env:NAME}` `${file:PATH}` | that variable, or the first line of that file; anywhere a text or secret is
/// expected |
@NullMarked
package dev.parley.config;

import org.jspecify.annotations.NullMarked;
