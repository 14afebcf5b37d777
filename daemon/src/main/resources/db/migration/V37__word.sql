-- Which messages have a word: written behind the messages, a batch at a time, and read from the latest batch back, so that
-- a search stops when its page is full however common the word is. A full-text index reads all hits before the first.
ALTER TABLE message DROP KEY IF EXISTS message_text;

CREATE TABLE word_batch (
    id       INT NOT NULL PRIMARY KEY,
    first_at DATETIME(6) NOT NULL,
    first_id BIGINT NOT NULL,
    last_at  DATETIME(6) NOT NULL COMMENT 'batches follow one another in the order of (created_at, id) of their messages',
    last_id  BIGINT NOT NULL
) ENGINE = InnoDB;

CREATE TABLE message_word (
    word  VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'folded: no case, no accents',
    batch INT NOT NULL,
    ids   BLOB NOT NULL COMMENT 'message ids, ascending: the differences, seven bits an octet, the lowest first',
    PRIMARY KEY (word, batch),
    KEY message_word_batch (batch)
) ENGINE = InnoDB;

-- Messages with a delivery that came to nothing are few. For all others the column is NULL whatever becomes of them, so
-- that no move rewrites the index.
ALTER TABLE delivery
    ADD COLUMN trouble BIGINT AS (CASE WHEN status IN ('failed', 'blocked', 'cancelled') THEN message_id END) VIRTUAL,
    ADD KEY delivery_trouble (trouble);

-- With the direction, so that unread messages are counted in the index alone.
ALTER TABLE message ADD KEY message_thread (conversation_id, id, direction), DROP KEY message_conversation;
