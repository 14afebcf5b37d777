package dev.parley.http;

import dev.parley.conversation.Page;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Which page of a list is wanted: newest first, by key and not by offset, so that what comes in
/// meanwhile moves nothing.
///
/// @param before the key of the last item seen; `Long.MAX_VALUE` for the first page
record Paging(long before, int limit) {
    private static final int DEFAULT = 50;
    static final int MAX = 200;

    static Paging of(Optional<String> limit, Optional<String> cursor) {
        return new Paging(cursor.map(Paging::before).orElse(Long.MAX_VALUE), limit(limit));
    }

    static int limit(Optional<String> limit) {
        return limit.map(Paging::limit).orElse(DEFAULT);
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new Refused(Problems.badField(
                "limit", "bad-parameter", "limit is " + text + ", expected a whole number from 1 to " + MAX + "."));
    }

    private static long before(String cursor) {
        return opened(cursor).flatMap(Ids::parse).orElseThrow(Paging::badCursor);
    }

    static Refused badCursor() {
        return new Refused(Problems.badField(
                "cursor",
                "bad-cursor",
                "This cursor is none; send what the page before gave as next, or leave it out."));
    }

    static Optional<String> opened(String cursor) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Opaque, so that nobody computes with it.
    static String sealed(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    private static String cursor(long key) {
        return sealed(Long.toString(key));
    }

    /// How many to read: one more than wanted tells whether there is a next page.
    int toRead() {
        return limit + 1;
    }

    /// @param found up to [#toRead]
    <T, V> Page<V> page(List<T> found, ToLongFunction<T> key, Function<T, V> view) {
        var items = found.stream().limit(limit).toList();
        var next =
                found.size() > limit ? Optional.of(cursor(key.applyAsLong(items.getLast()))) : Optional.<String>empty();
        return new Page<>(items.stream().map(view).toList(), next);
    }

    /// The same of views that tell their ids.
    <T> Page<T> page(List<T> found, Function<T, String> id) {
        return page(found, each -> Long.parseLong(id.apply(each)), each -> each);
    }

    /// A page of a list that is at hand whole and keeps its own order; the cursor is a place in
    /// it.
    <T> Page<T> slice(List<T> all) {
        int from = before == Long.MAX_VALUE ? 0 : (int) Math.min(before, all.size());
        int to = Math.min(from + limit, all.size());
        return new Page<>(
                List.copyOf(all.subList(from, to)), to < all.size() ? Optional.of(cursor(to)) : Optional.empty());
    }
}
