// Package debian holds what the hub's Debian package is made of: nfpm.yaml says
// what is in it, the unit how systemd runs the hub, the scripts what happens
// when it is installed, upgraded and removed. make deb makes it; the package's
// own tests look at it. There is no code.
package debian
