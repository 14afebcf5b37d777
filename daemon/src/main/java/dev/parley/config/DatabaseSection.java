package dev.parley.config;

import dev.parley.store.DatabaseSettings;
import java.nio.file.Path;

/// The section `database`: a MariaDB server of our own, or one that somebody else runs.
final class DatabaseSection {

    private DatabaseSection() {}

    static DatabaseSettings from(Section yaml) {
        var embedded = yaml.path(
                        "embedded", "Runs a MariaDB server of its own in this directory, good for one machine.")
                .like("/var/lib/parley/db")
                .optional();
        var url = yaml.text(
                        "url",
                        "Instead of that: a server of yours, MariaDB 10.6 or newer, with an empty database for Parley.")
                .that(
                        text -> text.startsWith("jdbc:mariadb:"),
                        "a JDBC URL of MariaDB, such as jdbc:mariadb://db/parley")
                .like("\"jdbc:mariadb://db.example.net/parley\"")
                .optional();
        var username = yaml.text("username", "Of that server.").like("parley");
        var password = yaml.secret("password", "Of that server.").like("\"${file:/etc/parley/db-password}\"");
        if (yaml.has("embedded") && yaml.has("url")) {
            yaml.wrong("has both \"embedded\" and \"url\"; keep one of them");
        } else if (yaml.has("embedded") && (yaml.has("username") || yaml.has("password"))) {
            yaml.wrong("has a username or password, but the embedded server makes its own; take them out");
        } else if (!yaml.has("embedded") && !yaml.has("url")) {
            yaml.wrong("says no database; expected \"embedded: DIRECTORY\" or \"url: jdbc:mariadb://HOST/NAME\"");
        }
        return url.isPresent()
                ? new DatabaseSettings.Server(
                        url.get(),
                        username.required(),
                        password.or(new Secret("")).reveal())
                : new DatabaseSettings.Embedded(embedded.orElse(Path.of("")));
    }
}
