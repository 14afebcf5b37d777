-- The list of a link's unmatched reports, newest first.
CREATE INDEX parked_report_list ON parked_report (link, id);
