-- The append-only log of facts. Ids come from event_counter and not from AUTO_INCREMENT: that row is locked last in each
-- transaction, so ids are in the order of the commits and a reader that goes by id never misses one.
CREATE TABLE event (
    id              BIGINT NOT NULL PRIMARY KEY,
    at              DATETIME(6) NOT NULL,
    type            VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    line_id         BIGINT NOT NULL COMMENT '0: none',
    conversation_id BIGINT NOT NULL COMMENT '0: none',
    contact_id      BIGINT NOT NULL COMMENT '0: none',
    payload         MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'JSON'
) ENGINE = InnoDB;

CREATE TABLE event_counter (
    id     TINYINT NOT NULL PRIMARY KEY COMMENT 'always 1',
    last   BIGINT NOT NULL COMMENT 'the id of the latest event',
    purged BIGINT NOT NULL COMMENT 'events up to this id were deleted by age'
) ENGINE = InnoDB;

INSERT INTO event_counter (id, last, purged) VALUES (1, 0, 0);

-- The configured business numbers, so that what belongs to a line stays with it whatever the configuration says later.
CREATE TABLE line (
    id      BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    number  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 with +',
    name    VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ISO 3166-1, upper case',
    UNIQUE KEY line_number (number)
) ENGINE = InnoDB;
