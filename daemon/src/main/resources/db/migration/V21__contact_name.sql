-- Contacts in the order of the alphabet.
ALTER TABLE contact ADD KEY contact_name (name_fold, id);
