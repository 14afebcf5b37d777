-- Transactions that are durable and not yet written to the tables that they are about: what a text moves within a tenth of
-- a second is one row a transaction, and each row of the other tables is written once for all of it.
CREATE TABLE journal (
    id    BIGINT NOT NULL PRIMARY KEY COMMENT 'their order',
    moves MEDIUMBLOB NOT NULL COMMENT 'rows by their kinds, see dev.parley.store.Moves'
) ENGINE = InnoDB;

-- The statements by which whoever finds such a row after a crash writes what is in it, whatever version it is of.
CREATE TABLE journal_kind (
    id        BIGINT NOT NULL PRIMARY KEY,
    statement TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'for one row'
) ENGINE = InnoDB;

-- Rows that the tables would not take: kept, and told of in the log.
CREATE TABLE journal_refused (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    statement  TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    row_values MEDIUMBLOB NOT NULL,
    reason     VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    refused_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) ENGINE = InnoDB;

-- Who may go on with the journal: whoever writes beside it, or takes it over, raises the number.
CREATE TABLE journal_owner (
    id    TINYINT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL
) ENGINE = InnoDB;

INSERT INTO journal_owner (id, epoch) VALUES (1, 0);
