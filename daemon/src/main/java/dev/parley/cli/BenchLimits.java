package dev.parley.cli;

import dev.parley.store.DatabaseSettings;
import dev.parley.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
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
            out.write(pdu(BIND_TRANSMITTER, 1, bind()));
            if (response(in) != 0) {
                throw new Failure("the simulated SMSC refused the bind of the bench");
            }
            var body = submit();
            int sequence = 1;
            long answered = 0;
            long begun = System.nanoTime();
            for (int i = 0; i < WINDOW; i++) {
                out.write(pdu(SUBMIT_SM, ++sequence, body));
            }
            while (System.nanoTime() - begun < EACH.toNanos()) {
                response(in);
                answered++;
                out.write(pdu(SUBMIT_SM, ++sequence, body));
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

    private static byte[] pdu(int command, int sequence, byte[] body) throws IOException {
        var octets = new ByteArrayOutputStream(HEADER + body.length);
        var out = new DataOutputStream(octets);
        out.writeInt(HEADER + body.length);
        out.writeInt(command);
        out.writeInt(0);
        out.writeInt(sequence);
        out.write(body);
        return octets.toByteArray();
    }

    /// §4.1.1
    private static byte[] bind() throws IOException {
        var octets = new ByteArrayOutputStream();
        text(octets, "parley"); // system_id
        text(octets, "demo"); // password
        text(octets, ""); // system_type
        octets.write(new byte[] {0x34, 0, 0}); // interface_version, addr_ton, addr_npi
        text(octets, ""); // address_range
        return octets.toByteArray();
    }

    /// §4.4.1, without a receipt.
    private static byte[] submit() throws IOException {
        var octets = new ByteArrayOutputStream();
        text(octets, ""); // service_type
        octets.write(new byte[] {1, 1}); // source_addr_ton, source_addr_npi
        text(octets, "12025550101");
        octets.write(new byte[] {1, 1}); // dest_addr_ton, dest_addr_npi
        text(octets, "12025550123");
        octets.write(new byte[] {0, 0, 0}); // esm_class, protocol_id, priority_flag
        text(octets, ""); // schedule_delivery_time
        text(octets, ""); // validity_period
        octets.write(new byte[] {0, 0, 0, 0}); // registered_delivery, replace, data_coding, sm_default_msg_id
        var text = "Hello".getBytes(StandardCharsets.US_ASCII);
        octets.write(text.length);
        octets.write(text);
        return octets.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
    }
}
