-- What links received, as they got it.
CREATE TABLE inbound (
    id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    link        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind        VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'modem, smpp',
    place       VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'where the copy lies, such as SM:3; empty: it came directly',
    digest      BINARY(32) NOT NULL COMMENT 'SHA-256 of the octets; over SMPP without command_status and sequence_number',
    pdu         MEDIUMBLOB NOT NULL,
    received_at DATETIME(6) NOT NULL,
    unreleased  TINYINT NULL COMMENT '1 until the copy is surely deleted or acknowledged, then NULL',
    what        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'text, part, report, machine, unreadable, failed',
    unread      BOOLEAN NOT NULL COMMENT 'given to nobody',
    reason      VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    UNIQUE KEY inbound_copy (link, place, digest, unreleased),
    KEY inbound_unread (unread, id),
    KEY inbound_age (received_at)
) ENGINE = InnoDB;

-- Texts in several parts. At most one with the same key is open at a time; a closed one stays a while, so that its
-- late duplicates are known.
CREATE TABLE inbound_assembly (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    line_id    BIGINT NOT NULL,
    sender     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    ref        INT NOT NULL,
    ref_bits   TINYINT NOT NULL,
    total      SMALLINT NOT NULL,
    open       TINYINT NULL COMMENT '1 until it is given on, then NULL',
    link       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'of the part that came first',
    started_at DATETIME(6) NOT NULL,
    ended_at   DATETIME(6) NULL,
    UNIQUE KEY inbound_assembly_key (line_id, sender, ref, ref_bits, total, open),
    KEY inbound_assembly_open (open, started_at),
    KEY inbound_assembly_ended (ended_at)
) ENGINE = InnoDB;

CREATE TABLE inbound_part (
    assembly_id BIGINT NOT NULL,
    seq         SMALLINT NOT NULL,
    text        BLOB NOT NULL COMMENT 'UTF-16BE, because a part may begin or end with half of a surrogate pair',
    scts        DATETIME(6) NULL,
    PRIMARY KEY (assembly_id, seq),
    CONSTRAINT inbound_part_assembly FOREIGN KEY (assembly_id) REFERENCES inbound_assembly (id) ON DELETE CASCADE
) ENGINE = InnoDB;
