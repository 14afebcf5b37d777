-- Whose texts are placed one after the other: locked first of all by whatever concerns a number on a line.
CREATE TABLE reply_sender (
    line_id BIGINT NOT NULL,
    number  VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (line_id, number)
) ENGINE = InnoDB;

-- What a sender was asked: where its texts belong, or which group it leaves.
CREATE TABLE reply_question (
    id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    line_id     BIGINT NOT NULL,
    number      VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    open_number VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'the number while it is open, so that there is one for a number and line',
    kind        VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'place, leave',
    state       VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'open, answered, expired, superseded',
    message_id  BIGINT NULL COMMENT 'the text that asks; NULL if none could be sent',
    asked_at    DATETIME(6) NOT NULL,
    expires_at  DATETIME(6) NOT NULL,
    answer_id   BIGINT NULL COMMENT 'the conversation that was named',
    answered_at DATETIME(6) NULL COMMENT 'when the answer reached us',
    UNIQUE KEY reply_question_open (line_id, open_number),
    KEY reply_question_number (line_id, number, answered_at),
    KEY reply_question_due (state, expires_at)
) ENGINE = InnoDB;

CREATE TABLE reply_choice (
    question_id     BIGINT NOT NULL,
    tag             INT NOT NULL COMMENT '0: the direct conversation',
    conversation_id BIGINT NOT NULL,
    PRIMARY KEY (question_id, tag),
    CONSTRAINT reply_choice_question FOREIGN KEY (question_id) REFERENCES reply_question (id)
) ENGINE = InnoDB;

-- When it was last said in a thread that a participant's texts are not relayed because they loop.
CREATE TABLE loop_stop (
    participant_id BIGINT NOT NULL PRIMARY KEY,
    stopped_at     DATETIME(6) NOT NULL,
    CONSTRAINT loop_stop_participant FOREIGN KEY (participant_id) REFERENCES participant (id)
) ENGINE = InnoDB;
