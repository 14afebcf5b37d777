package dev.parley.config;

/// What webhooks may do.
///
/// @param allowPrivateNetworks whether they may post to this machine and to private networks
public record WebhookSection(boolean allowPrivateNetworks) {

    static WebhookSection from(Section yaml) {
        return new WebhookSection(yaml.flag("allowPrivateNetworks").or(false));
    }
}
