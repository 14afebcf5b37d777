package dev.parley.conversation;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.contact.Contact;
import dev.parley.contact.Contacts;
import dev.parley.contact.NewContact;
import dev.parley.event.Event;
import dev.parley.event.EventLog;
import dev.parley.line.Line;
import dev.parley.line.LineSettings;
import dev.parley.line.Lines;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.reply.Keywords;
import dev.parley.reply.OptOuts;
import dev.parley.reply.ReplyServices;
import dev.parley.sms.NationalLanguage;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.world.PlainSettings;
import dev.parley.world.TestClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// A daemon without links and without an API: two lines, some people, the services of this package.
final class World implements AutoCloseable {
    static final String ANN = "+12025550111";
    static final String ANN_2 = "+12025550121";
    static final String BOB = "+12025550112";
    static final String CHLOE = "+12025550113";
    static final String DAN = "+12025550114";

    /// Every conversation.
    static final ConversationFilter ALL = only(Optional.empty(), false, false, Optional.empty());

    final TestClock clock = TestClock.still();
    /// The first line says what it likes, the second saves parts.
    private static final ConversationSettings SETTINGS = new ConversationSettings(
            PlainSettings.CONVERSATIONS.maxPeople(),
            PlainSettings.CONVERSATIONS.relay(),
            PlainSettings.CONVERSATIONS.replyWindow(),
            PlainSettings.CONVERSATIONS.evidenceMargin(),
            PlainSettings.CONVERSATIONS.ask(),
            PlainSettings.CONVERSATIONS.help(),
            Set.of("+12025550101"),
            Set.of(),
            Map.of("+12025550101", Set.of(NationalLanguage.TURKISH)),
            Map.of());

    final JsonMapper json = JsonMapper.builder().build();
    final Store store = TestDatabase.open();
    final EventLog events = new EventLog(store, clock, json);
    final Accounts accounts = new Accounts(store, new Passwords(new SecureRandom()), clock);
    Contacts contacts = new Contacts(store, events, accounts, clock, "US");
    final Lines lines = Lines.register(
            store,
            List.of(
                    new LineSettings("+12025550100", "Front desk", "US", List.of("modem-1")),
                    new LineSettings("+12025550101", "Sales", "US", List.of("aggregator"))));
    final Line desk = lines.all().get(0);
    final Line sales = lines.all().get(1);
    final RecordingOutbox outbox = new RecordingOutbox();
    ConversationServices services = services();
    Deliveries deliveries = services.deliveries();
    Conversations conversations = services.conversations();
    Messages messages = services.messages();
    Threads threads = services.threads();
    ReplyServices replies = replies();
    OptOuts optOuts = replies.optOuts();

    final Account admin = user("admin", Role.ADMIN, AccessScope.ALL, Set.of());
    final Contact ann = contact("Ann", ANN, Optional.of(ANN_2), Optional.empty());
    final Contact bob = contact("Bob", BOB, Optional.empty(), Optional.empty());

    private ConversationServices services() {
        return new ConversationServices(
                store, events, lines, contacts, outbox, SETTINGS, (_, parts) -> Duration.ofSeconds(parts), clock, json);
    }

    private ReplyServices replies() {
        return new ReplyServices(store, lines, services, SETTINGS, new Keywords(), clock);
    }

    /// As after a restart of the daemon: what the services knew is what the database has.
    void restart() {
        contacts = new Contacts(store, events, accounts, clock, "US");
        services = services();
        deliveries = services.deliveries();
        conversations = services.conversations();
        messages = services.messages();
        threads = services.threads();
        replies = replies();
        optOuts = replies.optOuts();
        deliveries = services.deliveries();
    }

    Account user(String name, Role role, AccessScope scope, Set<Long> lineIds) {
        return done(accounts.creating(new NewAccount(name, Optional.empty(), role, scope, lineIds))
                .get());
    }

    Contact contact(String name, String number, Optional<String> secondary, Optional<Long> assignedTo) {
        return done(contacts.create(adminOr(), new NewContact(name, number, secondary, assignedTo, false)));
    }

    private Account adminOr() {
        return accounts.byName("admin").orElseThrow();
    }

    static NewParticipant contact(Contact contact) {
        return new NewParticipant.OfContact(contact.id(), false);
    }

    static NewParticipant number(String number) {
        return new NewParticipant.OfNumber(number, Optional.empty());
    }

    static NewParticipant number(String number, String name) {
        return new NewParticipant.OfNumber(number, Optional.of(name));
    }

    static ConversationFilter only(Optional<Long> line, boolean unread, boolean needs, Optional<String> query) {
        return new ConversationFilter(
                line,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                unread,
                needs,
                Optional.empty(),
                Optional.empty(),
                query);
    }

    static PageRequest first(int limit) {
        return new PageRequest(limit, Optional.empty());
    }

    NewConversation on(Line line, NewParticipant... participants) {
        return new NewConversation(
                Optional.of(line.id()),
                Arrays.asList(participants),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    static NewConversation titled(NewConversation wanted, String title) {
        return new NewConversation(
                wanted.line(),
                wanted.participants(),
                wanted.relay(),
                wanted.introduce(),
                Optional.of(title),
                wanted.text());
    }

    static NewConversation saying(NewConversation wanted, String text) {
        return new NewConversation(
                wanted.line(),
                wanted.participants(),
                wanted.relay(),
                wanted.introduce(),
                wanted.title(),
                Optional.of(text));
    }

    ConversationView create(NewConversation wanted) {
        return done(conversations.create(admin, wanted)).conversation();
    }

    Outcome<PreviewView> preview(String text, Optional<Long> conversation) {
        return services.previews()
                .preview(
                        admin,
                        text,
                        conversation
                                .<Previews.To>map(Previews.To.Existing::new)
                                .orElseGet(() -> new Previews.To.Anybody(Optional.empty())));
    }

    MessageView post(ConversationView conversation, String text) {
        return done(messages.post(admin, id(conversation), NewMessage.now(text)));
    }

    static long id(ConversationView conversation) {
        return Long.parseLong(conversation.id());
    }

    static long id(MessageView message) {
        return Long.parseLong(message.id());
    }

    long deliveryTo(MessageView message, String number) {
        return store.read(connection -> services.messageStore().deliveriesOf(connection, id(message)).stream()
                .filter(each -> each.number().equals(number))
                .findFirst()
                .orElseThrow()
                .id());
    }

    String statusOf(MessageView message, String number) {
        return done(messages.get(admin, id(message))).deliveries().stream()
                .filter(each -> each.number().equals(number))
                .findFirst()
                .orElseThrow()
                .status();
    }

    List<Event> eventsAfter(long cursor) {
        return events.after(cursor, 1000);
    }

    List<String> eventTypesAfter(long cursor) {
        return eventsAfter(cursor).stream().map(each -> each.type().label()).toList();
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    static Problem problem(Outcome<?> outcome) {
        return assertInstanceOf(Outcome.Refused.class, outcome).problem();
    }

    static String refusal(Outcome<?> outcome) {
        return problem(outcome).code();
    }

    @Override
    public void close() {
        store.close();
    }
}
