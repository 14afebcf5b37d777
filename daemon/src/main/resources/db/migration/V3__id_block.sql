-- Ids are made in the process: a node takes a block of them at a time and hands them out from memory.
CREATE TABLE id_block (
    name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY COMMENT 'whose ids they are',
    next BIGINT NOT NULL COMMENT 'the first id of the block that nobody has taken yet'
) ENGINE = InnoDB;
