package dev.parley.link;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/// What the log says of a link's life: a loss and each refusal as a warning, once, and what ended
/// them as information. A link that tries again every minute goes through the same states each
/// time; an operator reads them once, until it is ready again.
///
/// Not safe for threads; the link tells one change after another.
public final class LinkNews {

    /// A sentence may hold what differs at each try, such as a number of a port. Then the log has this
    /// many lines of a trouble and no more until it is over.
    private static final int SENTENCES_MAX = 10;

    private final Logger log;
    private final String link;
    private final Set<String> said = new HashSet<>();
    private Optional<Instant> troubledSince = Optional.empty();

    public LinkNews(Logger log, String link) {
        this.log = log;
        this.link = link;
    }

    /// The link's state or sentence has changed.
    public void tell(LinkState before, LinkStatus now) {
        boolean changed = before != now.state();
        switch (now.state()) {
            case READY -> {
                if (changed) {
                    ready(now);
                } else {
                    serving(now);
                }
            }
            case DISCONNECTED, LOCKED, FAULT -> trouble(before, now);
            case SEARCHING, CONNECTING, PAUSED, CLOSED -> {
                if (before == LinkState.READY && now.state() == LinkState.SEARCHING) {
                    trouble(before, now);
                } else if (changed) {
                    passing(now);
                }
            }
        }
    }

    private void ready(LinkStatus now) {
        var sentence = sentence(now);
        troubledSince.ifPresentOrElse(
                since -> log.info(
                        "link={} is ready again after {} s{}",
                        link,
                        Duration.between(since, now.since()).toSeconds(),
                        sentence),
                () -> log.info("link={} is ready{}", link, sentence));
        troubledSince = Optional.empty();
        said.clear();
    }

    /// Ready all the while, and with less than it was set up with: a session that is refused beside one
    /// that is bound, a storage that fills up.
    private void serving(LinkStatus now) {
        if (now.sentence().isEmpty()) {
            if (!said.isEmpty()) {
                log.info("link={} is ready without trouble again", link);
                said.clear();
            }
        } else if (isFresh(now)) {
            log.warn("link={} is ready, but: {}", link, now.sentence());
        }
    }

    private boolean isFresh(LinkStatus now) {
        return said.size() < SENTENCES_MAX && said.add(now.state() + now.sentence());
    }

    private void trouble(LinkState before, LinkStatus now) {
        boolean lost = before == LinkState.READY;
        if (!lost && now.sentence().isEmpty()) {
            passing(now); // it has only begun
            return;
        }
        if (troubledSince.isEmpty()) {
            troubledSince = Optional.of(now.since());
        }
        var level = isFresh(now) ? Level.WARN : Level.DEBUG;
        if (lost) {
            log.warn("link={} was lost and is {}{}", link, now.state().label(), sentence(now));
        } else {
            say(level, now);
        }
    }

    /// A step on the way. Of a link that is in trouble they come again and again.
    private void passing(LinkStatus now) {
        boolean again = troubledSince.isPresent() && now.state() != LinkState.PAUSED && now.state() != LinkState.CLOSED;
        say(again ? Level.DEBUG : Level.INFO, now);
    }

    private void say(Level level, LinkStatus now) {
        log.atLevel(level).log("link={} is {}{}", link, now.state().label(), sentence(now));
    }

    private static String sentence(LinkStatus now) {
        return now.sentence().isEmpty() ? "" : ": " + now.sentence();
    }
}
