-- What an answer is about: it is repeated only to who may still see that. 0 stands for nothing in particular.
ALTER TABLE idempotency
    ADD COLUMN line_id         BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN conversation_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN contact_id      BIGINT NOT NULL DEFAULT 0;
