package dev.parley.config;

import dev.parley.store.DatabaseSettings;
import java.nio.file.Path;

/// The section `database`: a MariaDB server of our own, or one that somebody else runs.
final class DatabaseSection {

    private DatabaseSection() {}

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
                ? new DatabaseSettings.Server(
                        url.get(),
                        username.required(),
                        password.or(new Secret("")).reveal())
                : new DatabaseSettings.Embedded(embedded.orElse(Path.of("")));
    }
}
