// Tells a service manager how we are (systemd's protocol, one datagram); nothing happens when nobody asked for it.
#pragma once
void notify(const char *state); // "READY=1", "STOPPING=1"
