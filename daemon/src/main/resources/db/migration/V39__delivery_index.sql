-- A status moves several times for each text, and each move was a write in every index that has it. Nobody asks by the
-- status alone.
ALTER TABLE delivery
    DROP KEY delivery_status,
    DROP KEY delivery_participant,
    ADD KEY delivery_participant (participant_id, id);
