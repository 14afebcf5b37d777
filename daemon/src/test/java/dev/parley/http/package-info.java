/// The API is tested through real sockets, on the real services and a real MariaDB.
@org.jspecify.annotations.NullMarked
package dev.parley.http;
