package dev.parley.cli;

import dev.parley.store.DatabaseSettings;
import dev.parley.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the machine can do without Parley: rows made durable, and texts handed to the simulated SMSC.
/// Measured in the same run, because another machine, or another hour, gives other figures.
final class BenchLimits {
    private static final Duration EACH = Duration.ofSeconds(2);
    private static final int ROWS = 100;
    private static final int WINDOW = 50;

    // SMPP 3.4 §5.1.2.1
    private static final int SUBMIT_SM = 0x00000004;
    private static final int BIND_TRANSMITTER = 0x00000002;
    private static final int HEADER = 16;

    /// The body of a bind, §4.1.1.
    private static final String BIND = "parley\0demo\0\0" // system_id, password, system_type
            + "\64\0\0\0"; // interface_version 3.4, addr_ton, addr_npi, address_range

    /// The body of a `submit_sm` without a receipt, §4.4.1.
    private static final String SUBMIT = "\0" // service_type
            + "\1\00112025550101\0" // source_addr_ton, source_addr_npi, source_addr
            + "\1\00112025550123\0" // dest_addr_ton, dest_addr_npi, destination_addr
            + "\0\0\0\0\0" // esm_class, protocol_id, priority_flag, schedule_delivery_time, validity_period
            + "\0\0\0\0" // registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id
            + "\5Hello"; // sm_length, short_message

    private final JsonNode demo;
    private final Path database;

    /// @param demo its `demo.json`
    BenchLimits(JsonNode demo, Path database) {
        this.demo = demo;
        this.database = database;
    }

    /// The number of a phone, in the fictitious range of New York.
    static String number(int phone) {
        return "+1212%07d".formatted(5_550_000 + phone);
    }

    /// Makes the phones that are texted.
    void phones(int count) throws IOException {
        try (var network = new Api(demo.path("simulator").asString(""), Optional.empty())) {
            for (int phone = 0; phone < count; phone++) {
                network.put("/handsets/" + number(phone).replace("+", "%2B"), Map.of("reach", "on"));
            }
        }
    }

    /// Rows a second of a hundred a commit, each commit on the disk before the next.
    double durableInserts() {
        try (var store = Store.open(new DatabaseSettings.Embedded(database), new SimpleMeterRegistry())) {
            run(store, "CREATE TABLE bench_row (id BIGINT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(160) NOT NULL)");
            try {
                var insert = "INSERT INTO bench_row (text) VALUES ('Hello, this is a text of usual length')"
                        + ", ('Hello, this is a text of usual length')".repeat(ROWS - 1);
                long rows = 0;
                long begun = System.nanoTime();
                while (System.nanoTime() - begun < EACH.toNanos()) {
                    run(store, insert);
                    rows += ROWS;
                }
                return rows * 1e9 / (System.nanoTime() - begun);
            } finally {
                run(store, "DROP TABLE bench_row");
            }
        }
    }

    private static void run(Store store, String sql) {
        store.transaction(tx -> tx.update(sql));
    }

    /// `submit_sm` a second over one session with a window of fifty, with nothing behind it.
    double rawSubmits() throws IOException {
        var smsc = demo.path("smsc").asString("");
        int colon = smsc.lastIndexOf(':');
        try (var socket = new Socket(smsc.substring(0, colon), Integer.parseInt(smsc.substring(colon + 1)))) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            var out = socket.getOutputStream();
            out.write(pdu(BIND_TRANSMITTER, 1, BIND));
            if (response(in) != 0) {
                throw new Failure("the simulated SMSC refused the bind of the bench");
            }
            int sequence = 1;
            long answered = 0;
            long begun = System.nanoTime();
            for (int i = 0; i < WINDOW; i++) {
                out.write(pdu(SUBMIT_SM, ++sequence, SUBMIT));
            }
            while (System.nanoTime() - begun < EACH.toNanos()) {
                response(in);
                answered++;
                out.write(pdu(SUBMIT_SM, ++sequence, SUBMIT));
            }
            return answered * 1e9 / (System.nanoTime() - begun);
        }
    }

    /// Reads one PDU; its `command_status`.
    private static int response(DataInputStream in) throws IOException {
        int length = in.readInt();
        in.readInt();
        int status = in.readInt();
        in.readInt();
        in.skipNBytes(length - HEADER);
        return status;
    }

    private static byte[] pdu(int command, int sequence, String body) {
        return ByteBuffer.allocate(HEADER + body.length())
                .putInt(HEADER + body.length())
                .putInt(command)
                .putInt(0)
                .putInt(sequence)
                .put(body.getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
