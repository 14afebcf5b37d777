package dev.parley.person;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Takes a person out of what was written down as the API shows it: events, remembered answers, the audit log. The rest
/// of it stays.
public final class Scrub implements UnaryOperator<String> {
    private final Subject subject;
    private final ObjectMapper json;
    private final Set<String> directs;
    private final Set<String> participants;
    private final Set<String> contacts;
    private final Pattern known;

    public Scrub(Subject subject, ObjectMapper json) {
        this.subject = subject;
        this.json = json;
        this.directs = texts(subject.directs());
        this.participants = texts(subject.participants());
        this.contacts = texts(subject.contacts());
        this.known = Pattern.compile(subject.spellings().stream()
                .sorted((one, other) -> other.length() - one.length())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }

    private static Set<String> texts(Set<Long> ids) {
        return ids.stream().map(id -> Long.toString(id)).collect(Collectors.toSet());
    }

    /// The same without the person.
    ///
    /// @param written JSON; what is none comes back without the number
    @Override
    public String apply(String written) {
        try {
            var tree = json.readTree(written);
            var scrubbed = scrubbed(tree, false);
            return scrubbed.equals(json.readTree(written)) ? written : json.writeValueAsString(scrubbed);
        } catch (JacksonException e) {
            return withoutNumber(written);
        }
    }

    /// The number in whatever spelling is known.
    public String withoutNumber(String text) {
        return known.matcher(text).replaceAll(Matcher.quoteReplacement(subject.pseudonym()));
    }

    /// @param alone whether it is part of a conversation with this person alone
    private JsonNode scrubbed(JsonNode node, boolean alone) {
        return switch (node) {
            case ObjectNode object -> scrubbedObject(object, alone || isAlone(object));
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, scrubbed(array.get(i), alone));
                }
                yield array;
            }
            case StringNode text -> StringNode.valueOf(withoutNumber(text.stringValue()));
            default -> node;
        };
    }

    private JsonNode scrubbedObject(ObjectNode object, boolean alone) {
        boolean theirs = isTheirs(object);
        boolean said = object.has("text") && (alone || isTheirs(object.path("author")));
        boolean byUs = object.path("author").path("kind").asString("").equals("system");
        for (var name : new LinkedHashSet<>(object.propertyNames())) {
            var value = scrubbed(object.get(name), alone);
            if (value instanceof StringNode text) {
                value = StringNode.valueOf(scrubbedText(name, text.stringValue(), theirs, said, byUs));
            }
            object.set(name, value);
        }
        return object;
    }

    private String scrubbedText(String member, String value, boolean theirs, boolean said, boolean byUs) {
        return switch (member) {
            case "text" -> said ? Subject.TEXT : byUs ? withoutNames(value) : value;
            case "name", "authorName" -> theirs && !value.isEmpty() ? Subject.NAME : value;
            case "title" -> withoutNames(value);
            default -> value;
        };
    }

    /// The names where they stand as words.
    public String withoutNames(String text) {
        var clean = withoutNumber(text);
        for (var name : subject.names()) {
            if (!name.isBlank()) {
                clean = Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(name) + "(?![\\p{L}\\p{N}])")
                        .matcher(clean)
                        .replaceAll(Subject.NAME);
            }
        }
        return clean;
    }

    private boolean isAlone(ObjectNode object) {
        return directs.contains(object.path("conversation").asString(""))
                || (object.path("kind").asString("").equals("direct")
                        && directs.contains(object.path("id").asString("")));
    }

    /// Whether it is about the person: a participant, an author, a contact, a delivery.
    private boolean isTheirs(JsonNode object) {
        if (!(object instanceof ObjectNode)) {
            return false;
        }
        return object.valueStream()
                        .anyMatch(each -> each.isString() && subject.spellings().contains(each.stringValue()))
                || (object.path("kind").asString("").equals("participant")
                        && (participants.contains(object.path("id").asString(""))
                                || subject.names().contains(object.path("name").asString(""))))
                || (object.has("primaryNumber")
                        && contacts.contains(object.path("id").asString("")));
    }
}
