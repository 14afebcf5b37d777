package dev.parley.config;

/// A password or PIN. Printing it, alone or inside a record, prints `***`.
public record Secret(String reveal) {

    @Override
    public String toString() {
        return "***";
    }
}
