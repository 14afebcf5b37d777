package dev.parley.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// How the rows of a transaction lie in the journal: of each kind its number and how many rows follow, and of each row
/// its values in the order of [Rows#single]. Numbers are as of [DataOutputStream]; text is UTF-8.
final class Moves {
    private static final int NULL = 0;
    private static final int LONG = 1;
    private static final int INT = 2;
    private static final int FALSE = 3;
    private static final int TRUE = 4;
    private static final int TEXT = 5;
    private static final int INSTANT = 6;
    private static final int OCTETS = 7;

    private Moves() {}

    /// Rows of one kind, as they were read.
    ///
    /// @param kind its [Rows#number]
    record Kind(long kind, List<List<@Nullable Object>> rows) {}

    /// @throws IllegalArgumentException for a value of a type that the journal does not know
    static byte[] encoded(SortedMap<Rows, List<@Nullable Object[]>> rows) {
        var octets = new ByteArrayOutputStream(4096);
        try (var out = new DataOutputStream(octets)) {
            for (Map.Entry<Rows, List<@Nullable Object[]>> of : rows.entrySet()) {
                out.writeLong(of.getKey().number());
                out.writeInt(of.getValue().size());
                for (var row : of.getValue()) {
                    encode(out, row, of.getKey().isUpdate());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory never fails", e);
        }
        return octets.toByteArray();
    }

    /// One row alone.
    static byte[] encoded(List<@Nullable Object> row) {
        var octets = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(octets)) {
            encode(out, row.toArray(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("memory never fails", e);
        }
        return octets.toByteArray();
    }

    private static void encode(DataOutputStream out, @Nullable Object[] row, boolean isKeyLast) throws IOException {
        out.writeShort(row.length);
        for (int i = isKeyLast ? 1 : 0; i < row.length; i++) {
            encode(out, row[i]);
        }
        if (isKeyLast) {
            encode(out, row[0]);
        }
    }

    private static void encode(DataOutputStream out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeByte(NULL);
            case Optional<?> maybe -> encode(out, maybe.orElse(null));
            case Long number -> {
                out.writeByte(LONG);
                out.writeLong(number);
            }
            case Integer number -> {
                out.writeByte(INT);
                out.writeInt(number);
            }
            case Boolean is -> out.writeByte(is ? TRUE : FALSE);
            case String text -> {
                out.writeByte(TEXT);
                octets(out, text.getBytes(StandardCharsets.UTF_8));
            }
            case Instant at -> {
                out.writeByte(INSTANT);
                out.writeLong(at.getEpochSecond());
                out.writeInt(at.getNano());
            }
            case byte[] octets -> {
                out.writeByte(OCTETS);
                octets(out, octets);
            }
            default -> throw new IllegalArgumentException("no value for the journal: " + value.getClass());
        }
    }

    private static void octets(DataOutputStream out, byte[] octets) throws IOException {
        out.writeInt(octets.length);
        out.write(octets);
    }

    /// @throws IllegalArgumentException if these are not octets that [#encoded] has made
    static List<Kind> decoded(byte[] octets) {
        var kinds = new ArrayList<Kind>();
        try (var in = new DataInputStream(new ByteArrayInputStream(octets))) {
            while (in.available() > 0) {
                long kind = in.readLong();
                int count = in.readInt();
                var rows = new ArrayList<List<@Nullable Object>>();
                for (int i = 0; i < count; i++) {
                    rows.add(row(in));
                }
                kinds.add(new Kind(kind, rows));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("a row of the journal is cut off or damaged", e);
        }
        return kinds;
    }

    private static List<@Nullable Object> row(DataInputStream in) throws IOException {
        int width = in.readUnsignedShort();
        var row = new ArrayList<@Nullable Object>(width);
        for (int i = 0; i < width; i++) {
            row.add(value(in));
        }
        return row;
    }

    private static @Nullable Object value(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case NULL -> null;
            case LONG -> in.readLong();
            case INT -> in.readInt();
            case FALSE -> false;
            case TRUE -> true;
            case TEXT -> new String(octets(in), StandardCharsets.UTF_8);
            case INSTANT -> Instant.ofEpochSecond(in.readLong(), in.readInt());
            case OCTETS -> octets(in);
            default -> throw new IOException("a value of type " + type);
        };
    }

    private static byte[] octets(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException(length + " octets");
        }
        return in.readNBytes(length);
    }
}
