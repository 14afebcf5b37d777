package dev.parley.sim.network;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Somebody's phone.
public final class Handset implements Station {

    /// How it behaves.
    ///
    /// @param deliveryDelay how long a text takes to it once the SMSC has it
    /// @param autoReply what it answers to every text
    public record Settings(Reach reach, Duration deliveryDelay, Optional<String> autoReply) {
        static final Settings USUAL = new Settings(Reach.ON, Duration.ZERO, Optional.empty());
    }

    private static final int TYPE_0 = 0x40;
    private static final int REFERENCES = 256;

    private final String number;
    private final BiConsumer<Handset, ShortMessage> answering;
    private final BiConsumer<Handset, Received> showing;
    private final Inbox inbox = new Inbox();
    private final AtomicInteger reference = new AtomicInteger();
    private volatile Settings settings = Settings.USUAL;

    /// @param answering called with the last part of each text that is to be answered
    /// @param showing called with each text that it has received whole
    Handset(String number, BiConsumer<Handset, ShortMessage> answering, BiConsumer<Handset, Received> showing) {
        this.number = number;
        this.answering = answering;
        this.showing = showing;
    }

    public String number() {
        return number;
    }

    public Settings settings() {
        return settings;
    }

    void settings(Settings settings) {
        this.settings = settings;
    }

    /// What it received, oldest first.
    public List<Received> received() {
        return inbox.received();
    }

    /// Texts of which parts are missing.
    public int incomplete() {
        return inbox.incomplete();
    }

    /// The reference of its next concatenated text, 0 to 255.
    int nextReference() {
        return reference.getAndIncrement() % REFERENCES;
    }

    @Override
    public Duration delay() {
        return settings.deliveryDelay();
    }

    @Override
    public void deliver(Parcel parcel, Consumer<Reception> answer) {
        switch (settings.reach()) {
            case OFF -> answer.accept(Reception.ABSENT);
            case REJECT -> answer.accept(Reception.REJECTED);
            case ON -> {
                var message = parcel.message();
                // A short message of type 0 is acknowledged and not shown (3GPP TS 23.040 §9.2.3.9).
                var whole = message.pid() == TYPE_0 ? Optional.<Received>empty() : inbox.add(message);
                whole.ifPresent(text -> showing.accept(this, text));
                answer.accept(Reception.DELIVERED);
                if (whole.isPresent() && settings.autoReply().isPresent()) {
                    answering.accept(this, message);
                }
            }
        }
    }
}
