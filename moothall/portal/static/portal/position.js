// Adds the place where the phone is to an answer about a place. The words alone are always enough.
const latitude = document.querySelector('[data-part="latitude"]');
const longitude = document.querySelector('[data-part="longitude"]');

if (latitude && longitude && "geolocation" in navigator && window.isSecureContext) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "govuk-body";
  const around = document.createElement("div");
  around.className = "moothall-position";
  around.append(button, said);
  latitude.before(around);

  const show = () => {
    const given = latitude.value !== "" && longitude.value !== "";
    button.textContent = given ? "Take my position out" : "Add my position";
    said.textContent = given ? "Your position has been added. You can still say where it is in words." : "";
  };
  const take = ({ coords }) => {
    latitude.value = coords.latitude.toFixed(6);
    longitude.value = coords.longitude.toFixed(6);
    show();
  };
  const fail = () => {
    said.textContent = "We could not find your position. Say where it is in words instead.";
  };

  button.addEventListener("click", () => {
    if (latitude.value !== "") {
      latitude.value = longitude.value = "";
      show();
      return;
    }
    said.textContent = "Finding your position…";
    navigator.geolocation.getCurrentPosition(take, fail, { enableHighAccuracy: true, timeout: 20000 });
  });
  show();
}
