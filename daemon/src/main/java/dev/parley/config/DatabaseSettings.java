package dev.parley.config;

import java.nio.file.Path;

/// Where the data is: in a MariaDB server of our own, or in one that somebody else runs.
public sealed interface DatabaseSettings {

    /// A server of our own.
    ///
    /// @param directory its data, its socket and its log
    record Embedded(Path directory) implements DatabaseSettings {}

    /// A server that somebody else runs.
    record Server(String url, String username, Secret password) implements DatabaseSettings {}

    static DatabaseSettings from(Section yaml) {
        var embedded = yaml.path("embedded").optional();
        var url = yaml.text("url")
                .that(
                        text -> text.startsWith("jdbc:mariadb:"),
                        "a JDBC URL of MariaDB, such as jdbc:mariadb://db/parley")
                .optional();
        var username = yaml.text("username");
        var password = yaml.secret("password");
        if (yaml.has("embedded") && yaml.has("url")) {
            yaml.wrong("has both \"embedded\" and \"url\"; keep one of them");
        } else if (yaml.has("embedded") && (yaml.has("username") || yaml.has("password"))) {
            yaml.wrong("has a username or password, but the embedded server makes its own; take them out");
        } else if (!yaml.has("embedded") && !yaml.has("url")) {
            yaml.wrong("says no database; expected \"embedded: DIRECTORY\" or \"url: jdbc:mariadb://HOST/NAME\"");
        }
        return url.isPresent()
                ? new Server(url.get(), username.required(), password.or(new Secret("")))
                : new Embedded(embedded.orElse(Path.of("")));
    }
}
