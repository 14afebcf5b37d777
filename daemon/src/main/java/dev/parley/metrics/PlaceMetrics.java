package dev.parley.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/// What wears out around the daemon: room on a disk, and certificates.
public final class PlaceMetrics {

    private PlaceMetrics() {}

    /// Registers `parley_disk_free_ratio{path}`.
    public static void disk(MeterRegistry registry, Path directory) {
        Gauge.builder("parley.disk.free", directory, PlaceMetrics::free)
                .description("How much of the disk of this directory is free, 0 to 1")
                .baseUnit("ratio")
                .tag("path", directory.toString())
                .strongReference(true)
                .register(registry);
    }

    private static double free(Path directory) {
        try {
            var there = directory.toAbsolutePath();
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            var disk = Files.getFileStore(there);
            return (double) disk.getUsableSpace() / disk.getTotalSpace();
        } catch (IOException _) {
            return Double.NaN; // which is not told
        }
    }

    /// Registers `parley_certificate_expires_seconds{file}`, in seconds since 1970.
    public static void certificate(MeterRegistry registry, Path file) {
        Gauge.builder("parley.certificate.expires", file, PlaceMetrics::ends)
                .description("When the certificate ends, in seconds since 1970")
                .baseUnit("seconds")
                .tag("file", file.toString())
                .strongReference(true)
                .register(registry);
    }

    /// The first certificate of the file is our own (RFC 8446 §4.4.2); it is read at each look,
    /// since it may have been renewed.
    private static double ends(Path file) {
        try (var in = Files.newInputStream(file)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            return certificates.stream()
                    .findFirst()
                    .map(first ->
                            ((X509Certificate) first).getNotAfter().toInstant().getEpochSecond() * 1.0)
                    .orElse(Double.NaN);
        } catch (IOException | CertificateException _) {
            return Double.NaN; // which is not told
        }
    }
}
