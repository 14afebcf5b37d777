package dev.parley.modem;

import java.util.HashMap;
import java.util.Map;

/// What is known of a modem and outlives its connections: what was committed and not confirmed as
/// deleted, what may still turn out to be sent, what it is suspected of. Belongs to the owner's thread.
final class Lasting {
    final Notes notes;

    /// Receipts by place of what was committed and not confirmed as deleted.
    final Map<String, Long> unreleased = new HashMap<>();

    final Submitter.Late late = new Submitter.Late();
    final Refusals refusals = new Refusals();
    final Undeleted undeleted = new Undeleted();
    final Search search = new Search();
    final Parking parking = new Parking();

    /// The network takes no request for a status report from this SIM.
    boolean reportsRefused;

    /// The network has taken one.
    boolean reportsTaken;

    /// How many texts went without a request that were refused, in no clear words, with one.
    int reportDoubts;

    Lasting(String link) {
        notes = new Notes(link);
    }
}
