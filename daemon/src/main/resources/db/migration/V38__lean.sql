-- What is written for each text has the indexes that somebody asks by, and no more: each costs every text a write. Parents
-- are never deleted before their children, so no row is looked up again to prove that it is there.
ALTER TABLE message
    DROP FOREIGN KEY message_conversation,
    DROP KEY message_line;

ALTER TABLE message_candidate
    DROP FOREIGN KEY message_candidate_message,
    DROP FOREIGN KEY message_candidate_conversation;

ALTER TABLE delivery DROP FOREIGN KEY delivery_message;

-- A number's texts are placed one after the other because one thread of a node writes.
DROP TABLE reply_sender;
