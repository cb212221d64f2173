// 系统通知 and SMS: one per event and account. Texts hold no personal data but the names of the person's own records.
#pragma once
#include "filing/act.h"

extern const route ROUTES_NOTICES[];

// For an act of the life cycle, to the entity's account. `act`: life_event_name.
problem *notice_of_act(act *t, const application_row *app, const char *act_name, const char *number);
typedef struct notice_row {
    const char *account, *entity, *event, *title, *body, *link;
    const char *application; // told by SMS too: to whoever submitted this application; NULL = no SMS
} notice_row;
// Once per (event, account): a repeat changes nothing.
problem *notice_add(server *s, db *d, arena *a, const notice_row *n);
json *notice_json(arena *a, const db_rows *rows, size_t row); // columns of notice_list

// The chore that sends SMS.
problem *sms_send_due(server *s, arena *a);
// A job row. An organisation's account has no mobile of its own: the message goes to the person who submitted.
problem *sms_queue(server *s, db *d, arena *a, const char *entity, const char *application, const char *text);
