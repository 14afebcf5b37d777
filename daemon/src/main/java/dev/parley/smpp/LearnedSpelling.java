package dev.parley.smpp;

import dev.parley.link.ReferenceSpelling;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/// How the SMSC of one account spells `message_id`s in receipts: as the settings say, until a receipt shows another way
/// ([MessageIds]).
final class LearnedSpelling implements ReferenceSpelling {
    private volatile MessageIds.Way way;

    LearnedSpelling(MessageIds.Way way) {
        this.way = way;
    }

    @Override
    public <T> Found<T> among(Collection<T> parts, Function<? super T, Optional<String>> referenceOf, String reported) {
        return switch (MessageIds.among(parts, part -> referenceOf.apply(part).orElse(""), reported, way)) {
            case MessageIds.Found.One<T>(var part, var found) -> {
                way = found;
                yield new Found.One<>(part);
            }
            case MessageIds.Found.None<T> _ -> new Found.None<>();
            case MessageIds.Found.Several<T> _ -> new Found.Several<>();
        };
    }

    @Override
    public boolean isExact() {
        return way == MessageIds.Way.EXACT;
    }
}
