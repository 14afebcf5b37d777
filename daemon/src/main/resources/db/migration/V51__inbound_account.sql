-- What one session of an account did not acknowledge may come again by another, perhaps another link's.
ALTER TABLE inbound
    ADD COLUMN account VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'the first link of the SMPP account; the link itself where it shares none' AFTER link;

UPDATE inbound SET account = link;

ALTER TABLE inbound
    MODIFY COLUMN account VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'the first link of the SMPP account; the link itself where it shares none',
    DROP KEY inbound_copy,
    ADD UNIQUE KEY inbound_copy (account, place, digest, unreleased);
