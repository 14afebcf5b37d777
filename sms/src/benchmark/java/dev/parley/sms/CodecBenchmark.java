package dev.parley.sms;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Short texts a second on one core, from the text to the octets that `AT+CMGS` takes and back.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CodecBenchmark {
    private static final SplitOptions OPTIONS = SplitOptions.plain(7);
    private static final ValidityPeriod VALIDITY = new ValidityPeriod.SmscDefault();

    private final Address to = Address.ofNumber("+12025550111");
    private final String gsm = "On my way, see you at 7 by the east gate.";
    private final String ucs2 = "Уже еду, буду в 7 у восточных ворот.";
    private final byte[] received = encoded(gsm);

    @Benchmark
    public byte[] encodesGsm7() {
        return encoded(gsm);
    }

    @Benchmark
    public byte[] encodesUcs2() {
        return encoded(ucs2);
    }

    @Benchmark
    public Decoded decodesGsm7() {
        return Pdu.decodeFromMobile(received);
    }

    private byte[] encoded(String text) {
        var parts = (Split.Parts) Segmenter.split(text, OPTIONS);
        return Submit.of(parts.segments().getFirst(), to, true, VALIDITY).encode();
    }
}
