package dev.parley.store;

import java.nio.file.Path;

/// Where the database is.
public sealed interface DatabaseSettings {

    /// A MariaDB server of our own that runs in `dir`; one left behind there by a killed daemon is adopted.
    record Embedded(Path dir) implements DatabaseSettings {}

    /// A MariaDB server (10.6 or newer) that somebody else runs.
    ///
    /// @param url `jdbc:mariadb://HOST[:PORT]/DATABASE`
    record Server(String url, String username, String password) implements DatabaseSettings {

        @Override
        public String toString() {
            return "Server[url=" + url + ", username=" + username + ", password=***]";
        }
    }
}
