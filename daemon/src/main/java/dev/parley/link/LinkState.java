package dev.parley.link;

/// Where a link is in its life. Only [#READY] takes parts.
public enum LinkState {
    /// The port or host is not there, or the connection was lost. The link keeps trying.
    DISCONNECTED("disconnected"),
    /// The port is open or the session is being bound; the start-up dialogue runs.
    CONNECTING("connecting"),
    /// The SIM waits for something only a person can give: a PIN, a PUK, the SIM itself.
    LOCKED("locked"),
    /// The modem works and looks for its network.
    SEARCHING("searching"),
    /// Connected, registered or bound, and taking parts.
    READY("ready"),
    /// Works, but a person paused it. Receiving goes on.
    PAUSED("paused"),
    /// The device, the SIM or the account refuses to work; the sentence says why. The link probes it now and then.
    FAULT("fault"),
    /// Closed for good.
    CLOSED("closed");

    private final String label;

    LinkState(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
