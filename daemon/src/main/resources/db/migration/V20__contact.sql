-- People. A deleted one stays as a row: conversations name it, and its Do Not Disturb outlives it.
CREATE TABLE contact (
    id               BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name             VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    name_fold        VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the name for searching: no case, no accents',
    primary_number   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 with +',
    secondary_number VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'E.164 with +',
    assigned_to      BIGINT NULL,
    dnd              BOOLEAN NOT NULL,
    created_at       DATETIME(6) NOT NULL,
    deleted_at       DATETIME(6) NULL,
    KEY contact_primary (primary_number),
    KEY contact_secondary (secondary_number),
    KEY contact_assigned (assigned_to, id),
    CONSTRAINT contact_assigned FOREIGN KEY (assigned_to) REFERENCES account (id)
) ENGINE = InnoDB;
