package dev.parley.config;

import dev.parley.webhook.WebhookSettings;

/// The section `webhooks`: whoever may make a webhook could otherwise reach what a firewall keeps from them.
final class WebhookSection {
    private WebhookSection() {}

    static WebhookSettings from(Section yaml) {
        return WebhookSettings.usual(
                yaml.flag("allowPrivateNetworks", "Whether webhooks may post to this machine and to private networks.")
                        .or(false),
                yaml.flag("allowLoopback", "Whether they may post to this machine, at its loopback addresses.")
                        .or(false));
    }
}
