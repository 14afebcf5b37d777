-- What lists ask of a conversation without looking at its messages.
ALTER TABLE conversation
    ADD COLUMN last_inbound_id BIGINT NULL COMMENT 'the latest inbound message that shows here, placed or not: unread means above a user''s read mark' AFTER last_id,
    ADD COLUMN done_at DATETIME(6) NULL COMMENT 'a user is through with it; the next inbound text undoes it' AFTER closed_at;

-- Conversations with a delivery that failed and that nobody has looked at since. One row each, so that it cannot outgrow
-- the conversations.
CREATE TABLE unseen_failure (
    conversation_id BIGINT NOT NULL PRIMARY KEY,
    message_id      BIGINT NOT NULL COMMENT 'the latest message with such a delivery',
    failed_at       DATETIME(6) NOT NULL,
    KEY unseen_failure_latest (failed_at, conversation_id),
    CONSTRAINT unseen_failure_conversation FOREIGN KEY (conversation_id) REFERENCES conversation (id)
) ENGINE = InnoDB;
