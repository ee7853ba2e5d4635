-- A copy calls no authority outside and completes nothing.
UPDATE gov_tsa SET state = 'disabled';
UPDATE gov_completion SET state = 'stopped', next_at = NULL WHERE state = 'pending';
