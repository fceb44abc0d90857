-- What of the held actions each person wants by mail, and when. Without a row: all of it, at once.
CREATE TABLE "mail_choice" (
    "person_id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "from_level" TEXT,
    "hours" TEXT,

    CONSTRAINT "mail_choice_pkey" PRIMARY KEY ("person_id")
);
ALTER TABLE "mail_choice" ADD CONSTRAINT "mail_choice_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
