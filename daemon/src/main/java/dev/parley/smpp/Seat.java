package dev.parley.smpp;

import org.jsmpp.bean.BindType;

/// A place of a link that one session after another takes.
///
/// @param name of the place and of its sessions, for log and metrics
record Seat(
        String name,
        BindType role,
        SmppSettings settings,
        SmppMetrics.OfSession metrics,
        SmppSession.Listener listener) {}
