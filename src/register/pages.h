// The public pages, which work without script: landing page, look-up, and what they are made of.
#pragma once
#include "http/request.h"

problem *page_landing(request *r, db *d);  // GET /
problem *page_register(request *r, db *d); // GET /register?q=&by= | ?code= (&url= to compare)
problem *page_style(request *r, db *d);    // GET /site.css
problem *page_script(request *r, db *d);   // GET /site.js
problem *page_icon(request *r, db *d);     // GET /icon.svg
