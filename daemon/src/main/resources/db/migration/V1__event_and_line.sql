-- The append-only log of facts. Ids follow each other in the order of the commits: a node hands them out from memory, and
-- the primary key keeps two nodes from taking the same.
CREATE TABLE event (
    id              BIGINT NOT NULL PRIMARY KEY,
    at              DATETIME(6) NOT NULL,
    type            VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    line_id         BIGINT NOT NULL COMMENT '0: none',
    conversation_id BIGINT NOT NULL COMMENT '0: none',
    contact_id      BIGINT NOT NULL COMMENT '0: none',
    payload         MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'JSON'
) ENGINE = InnoDB;

CREATE TABLE event_purge (
    purged BIGINT NOT NULL PRIMARY KEY COMMENT 'events up to this id were deleted by age'
) ENGINE = InnoDB;

INSERT INTO event_purge (purged) VALUES (0);

-- The configured business numbers, so that what belongs to a line stays with it whatever the configuration says later.
CREATE TABLE line (
    id      BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    number  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 with +',
    name    VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ISO 3166-1, upper case',
    UNIQUE KEY line_number (number)
) ENGINE = InnoDB;
