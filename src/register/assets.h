// Generated from src/register/assets: what the public pages are made of.
#pragma once
extern const char ASSET_LANDING_HTML[];
extern const char ASSET_SITE_CSS[];
extern const char ASSET_SITE_JS[];
extern const char ASSET_ICON_SVG[];
