package dev.parley.world;

import java.lang.management.ManagementFactory;

/// How busy the machine is that runs the tests.
public final class Busy {

    private Busy() {}

    /// How many times longer something may take than on an idle machine: what runs or wants to run on each processor
    /// in the last minute, and never less than one.
    public static double times() {
        var machine = ManagementFactory.getOperatingSystemMXBean();
        return Math.max(1, machine.getSystemLoadAverage() / machine.getAvailableProcessors());
    }
}
