package dev.parley.config;

/// What webhooks may do.
///
/// @param allowPrivateNetworks whether they may post to this machine and to private networks
/// @param allowLoopback whether they may post to this machine, at its loopback addresses
public record WebhookSection(boolean allowPrivateNetworks, boolean allowLoopback) {

    static WebhookSection from(Section yaml) {
        return new WebhookSection(
                yaml.flag("allowPrivateNetworks").or(false),
                yaml.flag("allowLoopback").or(false));
    }
}
