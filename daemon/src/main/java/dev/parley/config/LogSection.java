package dev.parley.config;

/// How the log is written.
public record LogSection(Form form) {

    /// @see LogSection
    public enum Form {
        /// A line for a person.
        TEXT,
        /// A JSON object a line, for a collector of logs.
        JSON
    }

    static LogSection from(Section yaml) {
        return new LogSection(
                yaml.choice("form", "text for people, or json, an object a line, for a collector of logs.", Form.class)
                        .or(Form.TEXT));
    }
}
