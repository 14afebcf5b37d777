-- A token that was made with another goes with it.
ALTER TABLE token
    ADD COLUMN issued_by BIGINT NULL COMMENT 'the token that asked for it; NULL where a password or an operator did',
    ADD KEY token_issued_by (issued_by);
